"""The action server: dialogue actions, the service engine, connectors and the sandbox departments."""
