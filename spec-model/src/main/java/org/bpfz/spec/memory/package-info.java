/**
 * What a program can reach by address: where things lie ({@link org.bpfz.spec.memory.Layout}), and what the specification's memory knows of
 * each byte.
 *
 * <p>The layout is shared by all engines, so that programs that leak pointers into results still compare. The rest of the package is the
 * specification's own: regions with an owner, initialised bytes, pointers that remember where they came from. It favours being right over
 * being fast; engines have flat memory of their own.
 */
@NullMarked
package org.bpfz.spec.memory;

import org.jspecify.annotations.NullMarked;
