/** What the verifier reads in BTF beyond the types themselves: special fields, structure walks, arguments of global functions. */
@NullMarked
package org.bpfz.verifier.btf;

import org.jspecify.annotations.NullMarked;
