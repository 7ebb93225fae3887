"""The ground: frozen nouns that every other room speaks of; standard library and packaging only."""
