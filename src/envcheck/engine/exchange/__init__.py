"""What others' tools are told of an environment or a lock: bills of materials, and what pip says."""
