"""Bytes to packet rows: saved captures, their formats, compression and link layers."""
