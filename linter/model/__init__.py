"""What a node of each pool will really see."""
