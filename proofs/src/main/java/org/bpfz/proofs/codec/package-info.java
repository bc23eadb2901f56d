/**
 * Theorem group 6: decoder and encoder, for every opcode, every register field, every offset and every immediate.
 */
@NullMarked
package org.bpfz.proofs.codec;

import org.jspecify.annotations.NullMarked;
