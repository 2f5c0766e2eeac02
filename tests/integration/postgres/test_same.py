"""What holds for a memory in a file holds for one in PostgreSQL: the same tests, on the server."""

from tests.integration.postgres.same import same_tests
from tests.unit.memory import (
    test_fields,
    test_focus,
    test_repository,
    test_search,
    test_store,
    test_together,
    test_versions,
    test_word_search,
)

globals().update(
    same_tests(
        test_fields,
        test_focus,
        test_repository,
        test_search,
        test_store,
        test_together,
        test_versions,
        test_word_search,
    )
)
