/** Errors and limits that every role's HTTP side shares. */
@NullMarked
package io.amends.sample.web;

import org.jspecify.annotations.NullMarked;
