"""A project as a wheel and as a source archive, always the same bytes for the same files."""

import base64
import gzip
import hashlib
import io
import tarfile
import zipfile
from collections.abc import Mapping, Sequence

from agents.toolchain.specification import Specification
from agents.toolchain.writing import VERSION, PackageFile

_DATE = (1980, 1, 1, 0, 0, 0)


def wheel_name(specification: Specification) -> str:
    """The file name of a package's wheel."""
    return f"{specification.name}-{VERSION}-py3-none-any.whl"


def wheel_of(specification: Specification, files: Sequence[PackageFile]) -> bytes:
    """A wheel (binary distribution format 1.0) of the files below ``src``."""
    info = f"{specification.name}-{VERSION}.dist-info"
    inside = {one.path.removeprefix("src/"): one.text for one in files if one.path[:4] == "src/"}
    inside[f"{info}/METADATA"] = metadata(specification, files)
    inside[f"{info}/WHEEL"] = (
        "Wheel-Version: 1.0\nGenerator: grym-synth\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    )
    inside[f"{info}/RECORD"] = _record(inside, info)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path, text in inside.items():
            entry = zipfile.ZipInfo(path, _DATE)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            entry.create_system = 3
            archive.writestr(entry, text.encode())
    return held.getvalue()


def sdist_name(specification: Specification) -> str:
    """The file name of a package's source archive."""
    return f"{specification.name}-{VERSION}.tar.gz"


def sdist_of(specification: Specification, files: Sequence[PackageFile]) -> bytes:
    """A source archive (PEP 625) of all files, with the core metadata beside them."""
    folder = f"{specification.name}-{VERSION}"
    inside = {one.path: one.text for one in files} | {"PKG-INFO": metadata(specification, files)}
    held = io.BytesIO()
    with (
        gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=held, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for path, text in sorted(inside.items()):
            content = text.encode()
            entry = tarfile.TarInfo(f"{folder}/{path}")
            entry.size, entry.mode = len(content), 0o644
            archive.addfile(entry, io.BytesIO(content))
    return held.getvalue()


def metadata(specification: Specification, files: Sequence[PackageFile]) -> str:
    """The package's core metadata, version 2.1, with the README as its description."""
    readme = next((one.text for one in files if one.path == "README.md"), "")
    title = " ".join(specification.title.split())
    return (
        f"Metadata-Version: 2.1\nName: {specification.name.replace('_', '-')}\nVersion: {VERSION}\n"
        f"Summary: {title}\nRequires-Python: >=3.11\nRequires-Dist: numpy>=1.26\n"
        f"Requires-Dist: scipy>=1.11\nDescription-Content-Type: text/markdown\n\n{readme}"
    )


def _record(inside: Mapping[str, str], info: str) -> str:
    rows = []
    for path, text in inside.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest())
        rows.append(f"{path},sha256={digest.decode().rstrip('=')},{len(text.encode())}")
    return "\n".join([*rows, f"{info}/RECORD,,"]) + "\n"
