//! What policies come to, in both directions.
