/**
 * The JIT: BPF programs as hidden classes, by way of the class-file API.
 */
@NullMarked
package org.bpfz.jit;

import org.jspecify.annotations.NullMarked;
