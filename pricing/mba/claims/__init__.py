"""What the MBA pays on a claim, and by which rule (suan-2009 Tables 2-7, Appendix A, notes 1-3)."""
