"""Whether people are treated alike: runs of the counterfactual suite, slices of real traffic."""
