//! How failures of two runs stand to each other.
