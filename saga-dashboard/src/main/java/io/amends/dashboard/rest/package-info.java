/** The console's interface for programs, which its pages use too: JSON below {@code api/v1}, told in {@code openapi.json}. */
@NullMarked
package io.amends.dashboard.rest;

import org.jspecify.annotations.NullMarked;
