"""What keeps some data from being of a form, in words."""

from pydantic import ValidationError


def misfits(fault: ValidationError, whole: str = "") -> str:
    """Each field that does not fit, and why.

    Args:
        fault: what the form said.
        whole: what stands for the name of the field where it is all of the data.
    """
    each = (f"{'.'.join(map(str, one['loc'])) or whole}: {one['msg']}" for one in fault.errors())
    return "; ".join(each)
