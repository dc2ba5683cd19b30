"""The trade-union mutual benefit association's microinsurance programme (suan-2009)."""
