/**
 * LZO1X-1 and LZO-RLE: the kernel's compressor to the byte, and a decompressor that trusts nothing.
 */
@NullMarked
package org.bpfz.lzo;

import org.jspecify.annotations.NullMarked;
