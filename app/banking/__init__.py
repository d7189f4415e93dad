"""The core banking system, behind one guard."""
