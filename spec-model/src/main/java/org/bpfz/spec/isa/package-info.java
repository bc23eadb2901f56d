/**
 * The instruction set: what an instruction is, how it is encoded, how it is written down.
 */
@NullMarked
package org.bpfz.spec.isa;

import org.jspecify.annotations.NullMarked;
