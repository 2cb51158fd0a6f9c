"""Packet rows to stories: connections, both ends' states, resets and endings."""
