package org.bpfz.spec;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says of a test, or of all tests of a class, which clauses of the requirements it would see violated: {@code @CoversClause("WR-1")}.
 *
 * <p>The list of clauses is checked against these marks in the sources of all modules: every clause has at least one, and every mark names
 * a clause.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface CoversClause {
    /** The clauses' ids, written as string literals. */
    String[] value();
}
