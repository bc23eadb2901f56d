/** Which memory may be loaded from and stored to, and what a load yields: a class for each kind of memory (check_mem_access). */
@NullMarked
package org.bpfz.verifier.access;

import org.jspecify.annotations.NullMarked;
