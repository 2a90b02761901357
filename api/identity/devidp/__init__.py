"""The demonstration identity provider: real OpenID Connect, made-up citizens, on while no issuer is set."""
