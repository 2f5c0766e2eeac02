"""What a project looks like from above, kept in PostgreSQL: the same tests, on the server."""

from tests.integration.postgres.same import same_tests
from tests.unit.memory import test_hierarchy
from tests.unit.memory.test_hierarchy import memory as memory  # its project is not empty

globals().update(same_tests(test_hierarchy))
