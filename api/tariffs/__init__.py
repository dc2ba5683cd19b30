"""Premium scales of microinsurance schemes."""
