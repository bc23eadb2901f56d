/**
 * What every room of the specification shares: error numbers and immutable bytes.
 */
@NullMarked
package org.bpfz.spec;

import org.jspecify.annotations.NullMarked;
