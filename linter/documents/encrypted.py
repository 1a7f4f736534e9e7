"""Texts that are encrypted: nobody can say what they ask for."""

from __future__ import annotations

from ..expressions import expression

FILE = "this file is encrypted, so nothing of it is checked: decrypt it where neverask runs"
TEXT = "this text is encrypted, so it is not checked: decrypt it where neverask runs"
_VALUE = expression(
    r"\s{0,9}(?:ENC\[[A-Z0-9_]{3,20},[^\[\]]{8,}\]|\$ANSIBLE_VAULT;|-----BEGIN (?:AGE ENCRYPTED FILE|PGP MESSAGE)-----"
    r"|age-encryption\.org/v1|U2FsdGVkX1)"
)
"""Of sops and eyaml, of Ansible, age and PGP; the last is how base64 begins of what openssl (transcrypt) salted."""
_KEPT_IN_KEYS = expression(r"\bENC\[(?:AES256_GCM,data:|PKCS7,)|\$ANSIBLE_VAULT;\d")
_GIT_CRYPT = b"\0GITCRYPT\0"


def is_encrypted(text: str) -> bool:
    """Whether a text, or all that stands in a file, is encrypted."""
    return _VALUE.match(text) is not None


def is_file(text: str, has_keys: bool) -> bool:
    """Whether the text of a file that no reader knows is, or what stands under its keys (by sops, eyaml, Ansible)."""
    return is_encrypted(text) or (has_keys and _KEPT_IN_KEYS.search(text) is not None)


def is_binary(data: bytes) -> bool:
    """Whether the bytes of a file are those that git-crypt, age or openssl write."""
    return data.startswith((_GIT_CRYPT, b"age-encryption.org/v1\n", b"Salted__"))
