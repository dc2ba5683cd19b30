"""Employment injury branch of the National Social Security Fund."""
