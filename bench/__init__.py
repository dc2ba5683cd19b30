"""`make bench`: how fast, always as a ratio against a baseline in the same run; and bodies that a fuzzer grows."""
