"""What packages are gathered from, kept in PostgreSQL: the same tests, on the server."""

from tests.integration.postgres.same import same_tests
from tests.unit.memory import test_gathering
from tests.unit.memory.test_gathering import repository as repository  # its project is not empty

globals().update(same_tests(test_gathering))
