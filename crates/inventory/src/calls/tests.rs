//! What must hold of every call.
