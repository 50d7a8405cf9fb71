//! The tables and the cache behind one TaskStore.
