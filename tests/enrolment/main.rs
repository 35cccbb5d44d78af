//! Whole runs of the program that enrols.
