"""Does an implementation keep the connector contract? ``wenban connector check URL`` asks it."""
