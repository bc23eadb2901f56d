/**
 * The interpreter: pre-decoded code over one flat address space.
 */
@NullMarked
package org.bpfz.interpreter;

import org.jspecify.annotations.NullMarked;
