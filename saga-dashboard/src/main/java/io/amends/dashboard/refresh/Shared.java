package io.amends.dashboard.refresh;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A route that open pages ask again and again by themselves. Who says by {@code Cache-Control: max-age=<seconds>} how old an
 * answer may be is given one that was read for others with the same parameters, roles, rights and tenants; anybody else has it read. The
 * answer must follow from those alone, not from the caller's name or address, and nobody may change it later. Whether somebody may
 * call it is checked before, for each of them.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Shared {}
