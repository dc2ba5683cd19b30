"""Claims on the MBA tariff: what is paid, and by which rule."""
