"""kg: a knowledge graph of Chinese regional-development news in which every fact quotes its source."""
