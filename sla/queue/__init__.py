"""The sales queue: who do I call next, and how long do I have? It lives in this room because it is sorted by what is due."""
