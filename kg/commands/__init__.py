"""What `kg` can be told: each module holds a few commands that parse, call one function of the library, and print."""
