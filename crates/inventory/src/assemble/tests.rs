//! How sources are put together.
