"""The sandbox departments: a real implementation of the connector contract on its own database."""
