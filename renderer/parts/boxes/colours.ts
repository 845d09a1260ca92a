/** Palette after Okabe and Ito: distinguishable with colour blindness, on snow and at night. */
const colours = ['#56b4e9', '#e69f00', '#f0e442', '#00c795', '#ff8a5c', '#e79ac3'] as const;

/** The colour of a label by its index, repeating after the sixth. */
export const colourOf = (index: number): string => colours[index % colours.length]!;
