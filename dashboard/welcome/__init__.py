"""For who is new: the first steps of each role, the words of the product, and a day in the other team's shoes."""
