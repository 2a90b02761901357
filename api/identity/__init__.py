"""Sign-in of citizens: OpenID Connect for the page, bearer tokens for a host app, sessions, a provider to try."""
