"""The provider's signing keys, generated into the data directory; the newest signs, all are published."""

from __future__ import annotations

import json
import os
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey

from wenban.crypto import secret_file

NAME = "demo-idp-keys.json"
KEPT = 2


def _new() -> dict[str, Any]:
    key = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)
    return dict(key.as_dict(private=True))


def _load() -> list[dict[str, Any]]:
    path = secret_file(NAME, lambda: json.dumps([_new()]))
    keys: list[dict[str, Any]] = json.loads(path.read_text())
    return keys


def rotate() -> None:
    """Sign with a new key from now on; the one before stays published."""
    path = secret_file(NAME, lambda: json.dumps([_new()]))
    temporary = path.with_name(f".{NAME}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump([_new(), *_load()][:KEPT], file)
    temporary.replace(path)


def public() -> dict[str, Any]:
    """Return the key set that everybody may read."""
    return dict(KeySet([RSAKey.import_key(key) for key in _load()]).as_dict(private=False))


def signed(claims: dict[str, Any]) -> str:
    """Return a JWT of ``claims``."""
    key = RSAKey.import_key(_load()[0])
    return str(jwt.encode({"alg": "RS256", "kid": key.kid, "typ": "JWT"}, claims, key))


def checked(token: str, issuer: str) -> dict[str, Any] | None:
    """Return the claims of an access token of ours that is still valid, else None."""
    try:
        keys = KeySet([RSAKey.import_key(key) for key in _load()])
        claims = dict(jwt.decode(token, keys, algorithms=["RS256"]).claims)
        rules = jwt.JWTClaimsRegistry(iss={"essential": True, "value": issuer}, exp={"essential": True})
        rules.validate(claims)
    except (JoseError, ValueError):
        return None
    return claims
