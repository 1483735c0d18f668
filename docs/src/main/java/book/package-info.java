/** The book: AsciidoctorJ on the chapters, and the extensions that take code, diffs and output from the repository. */
package book;
