"""The tests of a memory in a file, to be run on another one."""

from inspect import signature
from types import ModuleType


def same_tests(*modules: ModuleType) -> dict[str, object]:
    """The tests of modules that use a memory by way of fixtures and touch no file themselves."""
    return {
        name: test
        for module in modules
        for name, test in vars(module).items()
        if name.startswith("test_") and callable(test) and _is_of_memory(test)
    }


def _is_of_memory(test: object) -> bool:
    asked = signature(test).parameters  # type: ignore[arg-type]
    return bool({"store", "memory", "repository"} & {*asked}) and "tmp_path" not in asked
