package org.bpfz.spec.memory;

/** What is done to memory; an atomic read-modify-write does both, the read first. */
public enum Access {
    READ, WRITE
}
