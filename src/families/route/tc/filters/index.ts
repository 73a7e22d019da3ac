/** The kinds of filter: name in TCA_KIND -> schema of its options. One more kind is one more file here, one import and one line; both lists are alphabetical. */

/** Options of a filter, by its kind. */
export const filters = {
};
