"""`netloom watch`: the collectors as processes that are looked after."""
