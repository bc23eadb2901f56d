/**
 * Maps: the operations that user space has on them ({@link org.bpfz.spec.map.BpfMap}), and the specification's own implementation of each
 * kind, with the kernel's errno's.
 */
@NullMarked
package org.bpfz.spec.map;

import org.jspecify.annotations.NullMarked;
