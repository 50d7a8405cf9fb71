//! The whole system from outside: system tests, fault drills, benchmarks.
