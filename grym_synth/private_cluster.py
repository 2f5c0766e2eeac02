"""A Ray cluster of this process alone: nobody else here or in the network may speak to it.

Ray trusts whoever reaches its ports, some of which listen on every interface and run what they are
sent (https://docs.ray.io/en/latest/ray-security/index.html). So all of its channels are encrypted,
and only who holds the key that is made here for one run is answered; its parts meet at 127.0.0.1.
"""

import datetime
import ipaddress
import os
import secrets
from pathlib import Path

VALID_DAYS = 3650


def keep_private(folder: Path) -> None:
    """Set this process's environment so that the cluster it starts is private.

    Args:
        folder: for the key and its certificate; nobody else may read it, and it is removed after.
    """
    certificate, key = folder / "ray.crt", folder / "ray.key"
    _make_certificate(certificate, key)
    os.environ |= {
        "RAY_USE_TLS": "1",
        "RAY_TLS_SERVER_CERT": str(certificate),
        "RAY_TLS_SERVER_KEY": str(key),
        "RAY_TLS_CA_CERT": str(certificate),
        "RAY_AUTH_MODE": "token",
        "RAY_AUTH_TOKEN": secrets.token_hex(32),
        "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # the node's address is 127.0.0.1
    }


def _make_certificate(certificate: Path, key: Path) -> None:
    """A certificate that vouches for itself, for both sides of a channel."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    made = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "grym-synth")])
    now = datetime.datetime.now(datetime.UTC)
    known_as = x509.SubjectAlternativeName(
        [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    )
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(made.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=VALID_DAYS))
        .add_extension(known_as, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(made, hashes.SHA256())
    )
    certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    key.touch(mode=0o600)
    key.write_bytes(
        made.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
