/** After Okabe and Ito: people who see few colours tell them apart, on snow and at night. */
const colours = ['#56b4e9', '#e69f00', '#f0e442', '#00c795', '#ff8a5c', '#e79ac3'] as const;

/** The colour of a label by its index; labels beyond the sixth share one. */
export const colourOf = (index: number): string => colours[index % colours.length]!;
